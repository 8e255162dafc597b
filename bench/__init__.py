"""Benchmarks that anyone can run: `make bench`, or `make bench ARGS=throughput` for one."""
