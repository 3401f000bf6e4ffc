package dev.parley.trace.h323;

/// A message of H.245 or RAS by its abbreviation, its name, and the most important of it in one line.
record Described(String symbol, String title, String summary) {}
