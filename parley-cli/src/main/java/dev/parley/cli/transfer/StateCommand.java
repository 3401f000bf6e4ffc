package dev.parley.cli.transfer;

import dev.parley.cli.term.OutputOptions;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;

/// A command about what is kept in a state folder.
abstract class StateCommand implements Callable<Integer> {
    @Mixin
    final OutputOptions output = new OutputOptions();

    @Mixin
    final StateOption state = new StateOption();
}
