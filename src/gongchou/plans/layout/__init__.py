"""计划表格: the lines of a plan as officials keep them in a workbook, read and written in the same words.

``columns`` says what there is; ``cells``, ``spans`` and ``names`` how a cell is read; ``known`` what cells may name;
``reading`` takes a file apart, ``news`` says what it would change, ``writing`` makes workbooks. What is exported can be
imported again and changes nothing.
"""
