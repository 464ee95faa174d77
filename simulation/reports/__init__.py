"""What an experiment leaves behind: files of visits and journals, a page with plots."""
