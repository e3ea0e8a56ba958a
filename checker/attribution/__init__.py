"""Attribution of quotes and indirect speech in running text: source, cue, content, and the date said."""
