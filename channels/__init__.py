"""Ways to reach people: each channel takes finished messages and says what became of each."""
