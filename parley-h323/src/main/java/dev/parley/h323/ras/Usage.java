package dev.parley.h323.ras;

import dev.parley.h323.wire.per.Value;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// When a call was connected, as an endpoint tells its gatekeeper that wants to know (RasUsageInformation; `usageSpec` of a RegistrationConfirm).
///
/// @param atEnd in DRQ
/// @param inReports in IRR
record Usage(boolean atEnd, boolean inReports) {
    static final Usage NONE = new Usage(false, false);

    /// Endpoints have clocks of their own. What is farther away is no time of this call.
    private static final Duration CLOCKS_WITHIN = Duration.ofMinutes(5);
    private static final Value TYPES = Value.struct().with("nonStandardUsageTypes", new Value.Items(List.of())).with("startTime", Value.NULL);

    /// What an endpoint can tell.
    static RasMessage capable(RasMessage registration) {
        return registration.with("usageReportingCapability", TYPES);
    }

    /// A gatekeeper wants to know of endpoints that can tell.
    static RasMessage wanted(RasMessage registration, RasMessage confirm) {
        if (!registration.body().has("usageReportingCapability/startTime")) {
            return confirm;
        }
        return confirm.withList("usageSpec", List.of(Value.struct().with("when", Value.struct().with("end", Value.NULL).with("inIrr", Value.NULL))
                .with("callStartingPoint", Value.struct().with("connect", Value.NULL)).with("required", TYPES)));
    }

    static Usage of(RasMessage confirm) {
        var wishes = confirm.body().listAt("usageSpec").stream().filter(s -> s.has("required/startTime")).toList();
        return new Usage(wishes.stream().anyMatch(s -> s.has("when/end")), wishes.stream().anyMatch(s -> s.has("when/inIrr")));
    }

    static Value.Struct information(long connectedSeconds) {
        return Value.struct().with("nonStandardUsageFields", new Value.Items(List.of())).with("connectTime", connectedSeconds);
    }

    /// @param told what has `usageInformation`
    /// @return when the call was connected, within its time
    static Optional<Long> connectedMillis(Value told, long startedMillis, RasTime now) {
        var window = CLOCKS_WITHIN.toMillis();
        return told.numberAt("usageInformation/connectTime").map(s -> 1000 * s)
                .filter(t -> t >= startedMillis - window && t <= now.wallMillis() + window)
                .map(t -> Math.max(startedMillis, Math.min(t, now.wallMillis())));
    }
}
