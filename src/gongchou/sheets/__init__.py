"""Tables as people keep them: .csv in UTF-8 or GB18030 and .xlsx, read and written.

It knows files and cells and nothing of what they mean. Every room may use it; it uses the draw core's reading of text.
"""
