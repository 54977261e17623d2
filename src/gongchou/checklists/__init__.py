"""表格库: what is asked on site, in forms that are versioned and never change once they are out (S4, R-10).

It knows items and departments; it fills in nothing and knows no inspection.
"""
