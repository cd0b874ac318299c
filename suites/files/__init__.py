"""Does a stored file reach only those whom its row opens for?"""
