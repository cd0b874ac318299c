"""Does every operation answer every principal as the access table says?"""
