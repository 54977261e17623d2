"""Pages of 表格库."""
