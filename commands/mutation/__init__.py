"""Small mistakes, made one at a time all over the code that decides who sees what: does any check notice?"""
