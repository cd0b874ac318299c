"""Is it kept? One room per question; rooms never import each other."""
