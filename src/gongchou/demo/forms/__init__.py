"""表格库 of the city: the base form and forms for items, each written as its questions in their order.

They are Python and not workbooks because a check is three rows of a workbook and one line here, and because what
changed in a law is then one changed line. They come into the city as workbooks all the same (``demo.checklists``).

What is asked is put in our own words. A law is named with its article only where the article is beyond doubt; who uses
a form in earnest compares it with the text that is in force.
"""

from __future__ import annotations

from gongchou.demo.forms import base, devices, food, health, market, public_safety, sites
from gongchou.demo.forms.writing import Form

BASE: Form = base.FORM
FORMS: tuple[Form, ...] = (
    *market.FORMS,
    *food.FORMS,
    *devices.FORMS,
    *public_safety.FORMS,
    *health.FORMS,
    *sites.FORMS,
)
