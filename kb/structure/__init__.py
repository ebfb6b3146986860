"""Structure: the adverts, the title, the headings and the points of a text, all as spans over it.

`find_boilerplate` comes first, since an advert is neither title nor heading; `find_title` next, since a title is no heading.
"""

from kb.structure.boilerplate import find_boilerplate
from kb.structure.outline import find_sections, heading_path
from kb.structure.title import find_title

__all__ = ["find_boilerplate", "find_sections", "find_title", "heading_path"]
