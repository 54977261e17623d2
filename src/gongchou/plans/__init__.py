"""计划: what is to be inspected in a year, how many of which, and what a plan would come to."""
