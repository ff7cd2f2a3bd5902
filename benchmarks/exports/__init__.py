"""How quick exports are and how much memory they take, beside what else writes the same file in the same run."""
