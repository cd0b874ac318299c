"""Do promises hold over a whole life: enrolled and gone, published and withdrawn, paid for and lapsed, in any order?"""
