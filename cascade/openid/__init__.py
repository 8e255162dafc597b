"""Signing in by OpenID Connect: what the provider is asked, and what it vouches for. No database.

Authlib asks and exchanges, joserfc looks at signatures; the rules of what counts are here.
"""
