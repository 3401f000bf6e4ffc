/// What users import of every protocol: exceptions, limits, and how a session ends. Read {@link dev.parley.api.Session} first.
@NullMarked
package dev.parley.api;

import org.jspecify.annotations.NullMarked;
