package dev.parley.h323.ras;

import dev.parley.h323.wire.TransportAddress;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Who is registered, found by identifier, name, number or address.
final class Registrations {
    private final Map<String, Registration> byIdentifier = new LinkedHashMap<>();
    private final Map<Alias, String> byAlias = new HashMap<>();
    /// Numbers of a plan, by what is dialled for them.
    private final Map<String, String> byNumber = new HashMap<>();
    private final Map<TransportAddress, String> byAddress = new HashMap<>();

    List<Registration> all() {
        return List.copyOf(byIdentifier.values());
    }

    int size() {
        return byIdentifier.size();
    }

    void put(Registration registration) {
        remove(registration.identifier());
        byIdentifier.put(registration.identifier(), registration);
        registration.aliases().forEach(a -> byAlias.put(a, registration.identifier()));
        registration.aliases().forEach(a -> a.dialled().ifPresent(n -> byNumber.putIfAbsent(n, registration.identifier())));
        registration.signalAddresses().forEach(a -> byAddress.put(a, registration.identifier()));
    }

    Optional<Registration> remove(String identifier) {
        var gone = Optional.ofNullable(byIdentifier.remove(identifier));
        gone.ifPresent(r -> {
            r.aliases().forEach(a -> byAlias.remove(a, identifier));
            r.aliases().forEach(a -> a.dialled().ifPresent(n -> byNumber.remove(n, identifier)));
            r.signalAddresses().forEach(a -> byAddress.remove(a, identifier));
        });
        return gone;
    }

    Optional<Registration> of(String identifier) {
        return Optional.ofNullable(byIdentifier.get(identifier));
    }

    Optional<Registration> at(TransportAddress signalAddress) {
        return Optional.ofNullable(byAddress.get(signalAddress)).flatMap(this::of);
    }

    Optional<Registration> named(Alias alias) {
        return Optional.ofNullable(byAlias.get(alias)).flatMap(this::of);
    }

    /// The endpoint of the first name that is known; for numbers also the one with the same digits in another plan, and the gateway with the
    /// longest prefix.
    Optional<Registration> find(List<Alias> names) {
        for (var name : names) {
            var found = named(name).or(() -> name.dialled().flatMap(this::dialled));
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    private Optional<Registration> dialled(String number) {
        return Optional.ofNullable(byNumber.get(number)).flatMap(this::of).or(() -> beyond(number));
    }

    private Optional<Registration> beyond(String number) {
        Registration best = null;
        int longest = 0;
        for (var registration : byIdentifier.values()) {
            for (var prefix : registration.prefixes()) {
                if (prefix.length() > longest && number.startsWith(prefix)) {
                    best = registration;
                    longest = prefix.length();
                }
            }
        }
        return Optional.ofNullable(best);
    }
}
