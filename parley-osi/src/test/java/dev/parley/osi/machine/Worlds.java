package dev.parley.osi.machine;

import dev.parley.osi.ConnectionIdentifier;
import dev.parley.osi.FunctionalUnit;
import dev.parley.osi.SessionOptions;
import dev.parley.osi.Token;
import dev.parley.osi.machine.Variables.Resync;
import dev.parley.osi.wire.Spdu;
import java.lang.reflect.Modifier;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/// Random values of the variables of A.5.4, with small numbers so that every comparison of Annex A comes out both ways.
final class Worlds {
    /// More than a CONNECT can carry.
    static final ByteBuffer MUCH = ByteBuffer.allocate(Steps.MOST_CONNECT_DATA + 10);

    private Worlds() {}

    static Variables random(Random random, boolean symmetric) {
        var v = new Variables(SessionOptions.DEFAULT.withReuse(random.nextBoolean()).withReportErrors(random.nextBoolean()));
        v.units = units(random, symmetric);
        v.proposed = Set.copyOf(v.units);
        v.version = 2;
        v.negotiated = new Negotiated(2, 0, 0, false);
        v.connect = connect(v.proposed);
        // What is left of the user data of a CONNECT is more than the CONNECT carries.
        v.connectData = random.nextBoolean() ? Spdu.NO_DATA : MUCH;
        for (var token : Token.values()) {
            if (v.available(token) && random.nextBoolean()) {
                v.owned.add(token);
            }
        }
        v.transportExpedited = random.nextBoolean();
        v.transportInitiator = random.nextBoolean();
        v.reuse = random.nextBoolean();
        v.finishCollision = random.nextInt(4) == 0;
        v.disconnectReceived = random.nextBoolean();
        v.activity = v.has(FunctionalUnit.ACTIVITY) && random.nextBoolean();
        v.nextActivity = v.has(FunctionalUnit.ACTIVITY) && random.nextBoolean();
        v.mayAnswer = random.nextBoolean();
        v.a = random.nextInt(4);
        v.m = v.a + random.nextInt(3);
        v.r = random.nextInt((int) v.a + 1);
        v.as = random.nextInt(4);
        v.ms = v.as + random.nextInt(3);
        v.rs = random.nextInt((int) v.as + 1);
        v.ar = random.nextInt(4);
        v.mr = v.ar + random.nextInt(3);
        v.rr = random.nextInt((int) v.ar + 1);
        v.separatedOut = random.nextInt(5) - 1;
        v.separatedIn = random.nextInt(5) - 1;
        v.resync = any(random, Resync.values());
        v.resyncSending = any(random, Resync.ABANDON, Resync.SET, Resync.RESTART, Resync.NONE);
        v.resyncReceiving = any(random, Resync.ABANDON, Resync.SET, Resync.RESTART, Resync.NONE);
        v.resyncSerial = random.nextInt(6);
        v.resyncSendingSerial = random.nextInt(6);
        v.resyncReceivingSerial = random.nextInt(6);
        v.discardReceiving = random.nextBoolean();
        v.discardSending = random.nextBoolean();
        return v;
    }

    static Set<FunctionalUnit> units(Random random, boolean symmetric) {
        var units = EnumSet.noneOf(FunctionalUnit.class);
        for (var unit : FunctionalUnit.values()) {
            // Small and large sets come both often.
            if (random.nextInt(3) != 0) {
                units.add(unit);
            }
        }
        units.remove(random.nextBoolean() ? FunctionalUnit.HALF_DUPLEX : FunctionalUnit.DUPLEX);
        if (!units.contains(FunctionalUnit.DUPLEX)) {
            units.add(FunctionalUnit.HALF_DUPLEX);
        }
        units.remove(FunctionalUnit.SYMMETRIC_SYNC);
        if (symmetric) {
            units.add(FunctionalUnit.SYMMETRIC_SYNC);
            units.remove(FunctionalUnit.MINOR_SYNC);
        }
        return units;
    }

    static Spdu.Connect connect(Set<FunctionalUnit> units) {
        return new Spdu.Connect(
                ConnectionIdentifier.NONE,
                new Spdu.ConnectItem(0, Optional.empty(), 3, Optional.of(1L), Map.of(), Optional.of(1L), Optional.empty()),
                units, Spdu.NO_DATA, Spdu.NO_DATA, false, Spdu.NO_DATA);
    }

    @SafeVarargs
    static <T> T any(Random random, T... values) {
        return values[random.nextInt(values.length)];
    }

    /// All variables by name, to see that nothing has changed, or what has.
    static Map<String, String> values(Variables v) {
        var values = new TreeMap<String, String>();
        Arrays.stream(Variables.class.getDeclaredFields()).filter(field -> !Modifier.isStatic(field.getModifiers())).forEach(field -> {
            try {
                values.put(field.getName(), String.valueOf(field.get(v)));
            } catch (IllegalAccessException e) {
                throw new AssertionError(e);
            }
        });
        return values;
    }
}
