"""The demonstration: a made-up county, and the main job run on it from end to end."""
