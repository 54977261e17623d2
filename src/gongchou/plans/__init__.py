"""计划与任务: what is inspected in a year, how many, how often, with whom; who agreed to it. It never draws.

It fixes scope and ratio before any seed exists, reads the lists and libraries, and knows nothing of draws.
"""
