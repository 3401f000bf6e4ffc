/// Checks of the whole project: {@link dev.parley.tests.WallsTest} holds the parts apart, {@link dev.parley.tests.TidyTest} keeps them tidy.
@NullMarked
package dev.parley.tests;

import org.jspecify.annotations.NullMarked;
