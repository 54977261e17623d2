"""演示市: a city that does not exist, made from a seed, to learn on, to try things on and to measure with.

Everything goes in by the operations and imports that officials use. Its division codes begin with 9901, which no place
has; telephone numbers begin with 100, which no telephone has; names of places, firms and people are put together by
chance from lists of ours. It never writes what a real firm or person did.
"""
