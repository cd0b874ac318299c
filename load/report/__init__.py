"""What a run leaves to read: verdict.json, junit.xml, summary.md, load.html."""
