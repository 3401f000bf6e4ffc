/// `parley osi`: X.215 sessions by hand, from scripts, and an echoing responder for testing any stack.
@NullMarked
package dev.parley.cli.osi;

import org.jspecify.annotations.NullMarked;
