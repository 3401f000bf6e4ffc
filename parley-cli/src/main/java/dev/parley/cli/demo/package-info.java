/// `parley demo`: the main job with real processes on this machine, through a line that damages and cuts. Start with `Story`.
@NullMarked
package dev.parley.cli.demo;

import org.jspecify.annotations.NullMarked;
