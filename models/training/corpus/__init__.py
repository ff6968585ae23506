"""Turns the hand-written files in content/ into conversations to train on."""
