package dev.parley.transfer.engine;

import dev.parley.api.SessionException;
import dev.parley.session.store.Store;
import dev.parley.testkit.SimProcess;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A store in memory that outlives processes: what a method has stored is durable when it returns. A process can die before each call, and
/// the n-th writing call can fail, having stored nothing.
final class SimStore {
    private record Key(long session, String item) {}

    private final Map<String, Store.User> users = new HashMap<>();
    private final Map<String, String> certificates = new HashMap<>();
    private final Map<Long, Store.Session> sessions = new HashMap<>();
    private final Map<Key, Store.Progress> progress = new HashMap<>();
    private final Map<Key, String> completions = new HashMap<>();
    private final Map<Long, Long> sent = new HashMap<>();
    private final Map<String, Store.Transfer> transfers = new HashMap<>();
    private final Map<String, String> servers = new HashMap<>();
    private long lastNumber;
    private long writes;
    long failAt = Long.MAX_VALUE;

    /// As `parley cancel` does beside a running client.
    void cancelAll() {
        transfers.clear();
        sessions.clear();
        progress.clear();
        completions.clear();
    }

    boolean isEmpty() {
        return sessions.isEmpty();
    }

    Store seenBy(SimProcess process) {
        return new View(process);
    }

    long writes() {
        return writes;
    }

    Optional<Store.Progress> confirmed(String item) {
        return progress.values().stream().filter(p -> p.item().equals(item)).findFirst();
    }

    private final class View implements Store {
        private final SimProcess process;

        View(SimProcess process) {
            this.process = process;
        }

        private void write() {
            process.operation();
            if (++writes == failAt) {
                throw new SessionException.StorageFailure("the store failed: disk I/O error", new java.io.IOException("disk I/O error"));
            }
        }

        @Override
        public void putUser(User user) {
            write();
            users.put(user.name(), user);
        }

        @Override
        public Optional<User> user(String name) {
            return Optional.ofNullable(users.get(name));
        }

        @Override
        public List<User> users() {
            return List.copyOf(users.values());
        }

        @Override
        public boolean removeUser(String name) {
            write();
            certificates.values().removeIf(name::equals);
            return users.remove(name) != null;
        }

        @Override
        public void putCertificate(String fingerprint, String user) {
            write();
            certificates.put(fingerprint, user);
        }

        @Override
        public Optional<User> userOfCertificate(String fingerprint) {
            return Optional.ofNullable(certificates.get(fingerprint)).map(users::get);
        }

        @Override
        public List<String> certificates(String user) {
            return certificates.entrySet().stream().filter(e -> e.getValue().equals(user)).map(Map.Entry::getKey).sorted().toList();
        }

        @Override
        public Session newSession(String user, String role, String root, long now) {
            write();
            lastNumber = Math.max(lastNumber + 1, now / 1000 * 1000);
            var made = new Session(lastNumber, user, role, 1, now, now, "open", root);
            sessions.put(lastNumber, made);
            return made;
        }

        @Override
        public Session adopt(String server, long number, String user, String root, long now) {
            sessions.putIfAbsent(number, new Session(number, user, "get", 0, now, now, "open", root));
            return takeOver(number, now);
        }

        @Override
        public Optional<Long> adopted(String server, long number) {
            return session(number).map(Session::number);
        }

        @Override
        public Optional<Session> session(long number) {
            return Optional.ofNullable(sessions.get(number));
        }

        @Override
        public List<Session> sessions(String user) {
            return sessions.values().stream().filter(s -> user.isEmpty() || s.user().equals(user)).toList();
        }

        @Override
        public Session takeOver(long number, long now) {
            write();
            var old = session(number).orElseThrow(() -> new SessionException.Refused("session " + number + " does not exist here"));
            var taken = new Session(number, old.user(), old.role(), old.epoch() + 1, old.createdMillis(), now, "open", old.root());
            sessions.put(number, taken);
            return taken;
        }

        @Override
        public void endSession(long number, String state, long now) {
            write();
            sessions.computeIfPresent(
                    number, (_, s) -> new Session(number, s.user(), s.role(), s.epoch(), s.createdMillis(), now, state, s.root()));
        }

        @Override
        public boolean removeSession(long number) {
            write();
            progress.keySet().removeIf(key -> key.session() == number);
            completions.keySet().removeIf(key -> key.session() == number);
            return sessions.remove(number) != null;
        }

        @Override
        public void touch(long number, long now) {
            process.operation();
            sessions.computeIfPresent(
                    number, (_, s) -> new Session(number, s.user(), s.role(), s.epoch(), s.createdMillis(), now, s.state(), s.root()));
        }

        @Override
        public List<Session> untouchedSince(long millis) {
            return sessions.values().stream().filter(s -> s.touchedMillis() < millis).toList();
        }

        @Override
        public void confirm(Progress p) {
            write();
            if (session(p.session()).filter(s -> s.epoch() == p.epoch()).isEmpty()) {
                throw Store.notMine(p.session(), session(p.session()));
            }
            progress.put(new Key(p.session(), p.item()), p);
        }

        @Override
        public Optional<Progress> progress(long session, String item) {
            return Optional.ofNullable(progress.get(new Key(session, item)));
        }

        @Override
        public List<Progress> progressOf(long session) {
            return progress.values().stream().filter(p -> p.session() == session).toList();
        }

        @Override
        public void note(Progress p) {
            confirm(p);
        }

        @Override
        public void complete(long session, long epoch, List<Completion> items) {
            write();
            if (session(session).filter(s -> s.epoch() == epoch).isEmpty()) {
                throw Store.notMine(session, session(session));
            }
            for (var item : items) {
                completions.put(new Key(session, item.item()), item.details());
                progress.remove(new Key(session, item.item()));
            }
        }

        @Override
        public void discard(long session, long epoch, String item) {
            write();
            if (session(session).filter(s -> s.epoch() == epoch).isEmpty()) {
                throw Store.notMine(session, session(session));
            }
            progress.remove(new Key(session, item));
        }

        @Override
        public List<Completion> completions(long session) {
            return completions.entrySet().stream().filter(e -> e.getKey().session() == session)
                    .map(e -> new Completion(e.getKey().item(), e.getValue())).toList();
        }

        @Override
        public long sent(long session) {
            return sent.getOrDefault(session, 0L);
        }

        @Override
        public void noteSent(long session, long octets) {
            process.operation();
            sent.merge(session, octets, Math::max);
        }

        @Override
        public void noteSent(String command, long sentBytes, long size) {
            process.operation();
            transfers.computeIfPresent(command, (_, t) -> new Transfer(
                    command, t.session(), t.server(), t.state(), t.createdMillis(), sentBytes, size));
        }

        @Override
        public Optional<String> completion(long session, String item) {
            return Optional.ofNullable(completions.get(new Key(session, item)));
        }

        @Override
        public void putTransfer(Transfer transfer) {
            write();
            transfers.put(transfer.command(), transfer);
        }

        @Override
        public Optional<Transfer> transfer(String command) {
            return Optional.ofNullable(transfers.get(command));
        }

        @Override
        public List<Transfer> transfers() {
            return List.copyOf(transfers.values());
        }

        @Override
        public void removeTransfer(String command) {
            write();
            transfers.remove(command);
        }

        @Override
        public Optional<Claim> claim(String command) {
            return Optional.of(() -> {});
        }

        @Override
        public void putServer(String name, String fingerprint) {
            write();
            servers.put(name, fingerprint);
        }

        @Override
        public Optional<String> server(String name) {
            return Optional.ofNullable(servers.get(name));
        }

        @Override
        public void close() {
            // What it holds outlives it.
        }
    }
}
