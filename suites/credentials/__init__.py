"""Are credentials that are not worth anything refused, everywhere?"""
