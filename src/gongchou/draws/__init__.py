"""抽取: from tasks that are ready to objects drawn and people matched, and the evidence of it for everybody.

This room alone runs draws. It freezes what ``plans`` has decided and never asks how risky a subject is: it reads the
part a subject falls into. Nothing here is overwritten; what is given up stays where everybody sees it.
"""
