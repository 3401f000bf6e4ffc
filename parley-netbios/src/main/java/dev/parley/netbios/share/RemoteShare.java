package dev.parley.netbios.share;

import com.hierynomus.msdtyp.AccessMask;
import com.hierynomus.msfscc.FileAttributes;
import com.hierynomus.mssmb2.SMB2CreateDisposition;
import com.hierynomus.mssmb2.SMB2CreateOptions;
import com.hierynomus.mssmb2.SMB2ShareAccess;
import com.hierynomus.mssmb2.SMBApiException;
import com.hierynomus.protocol.transport.TransportException;
import com.hierynomus.smbj.SMBClient;
import com.hierynomus.smbj.SmbConfig;
import com.hierynomus.smbj.auth.AuthenticationContext;
import com.hierynomus.smbj.common.SMBRuntimeException;
import com.hierynomus.smbj.connection.Connection;
import com.hierynomus.smbj.io.InputStreamByteChunkProvider;
import com.hierynomus.smbj.session.Session;
import com.hierynomus.smbj.share.DiskShare;
import com.hierynomus.smbj.share.File;
import dev.parley.netbios.socket.NetbiosSockets;
import dev.parley.netbios.wire.Ipv4;
import dev.parley.netbios.wire.NetbiosName;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;

/// A share of an SMB 2 or 3 server behind a NetBIOS session. Messages are signed when somebody is logged in, and encrypted when the server
/// offers it. Reads and writes are of at most 65 536 octets, because a session message has 17 bits of length.
public final class RemoteShare implements AutoCloseable {
    private static final int MOST_IO = 65_536;

    private final SMBClient client;
    private final Connection connection;
    private final Session session;
    private final DiskShare share;

    /// Who logs in; nobody is the guest, whose session can be neither signed nor encrypted, having no key.
    ///
    /// @param domain may be empty
    public record Login(String user, char[] password, String domain) {}

    /// One file or folder.
    public record Entry(String name, boolean folder, long size, Instant modified) {}

    /// The server answered, but not with what was wanted.
    public static final class ServerSays extends IOException {
        private static final long serialVersionUID = 1;

        /// What the answer means for the user.
        public enum What { NO_ENTRY, MISSING, EXISTS, FULL, OTHER }

        private final What what;

        ServerSays(String message, What what, SMBApiException cause) {
            super(message, cause);
            this.what = what;
        }

        public What what() {
            return what;
        }
    }

    private RemoteShare(SMBClient client, Connection connection, Session session, DiskShare share) {
        this.client = client;
        this.connection = connection;
        this.session = session;
        this.share = share;
    }

    /// @param sockets make the sessions
    /// @param host where the name is
    /// @param name the file server to be called there
    /// @throws IOException with words: not reached, refused, or no such share
    public static RemoteShare open(NetbiosSockets sockets, Ipv4 host, NetbiosName name, String share, Optional<Login> login, Duration wait)
            throws IOException {
        var config = SmbConfig.builder().withSocketFactory(sockets.calling(name)).withEncryptData(login.isPresent())
                .withSigningRequired(login.isPresent()).withBufferSize(MOST_IO).withDfsEnabled(false)
                .withTimeout(wait.toMillis(), TimeUnit.MILLISECONDS).build();
        var client = new SMBClient(config);
        boolean open = false;
        try {
            // The address and not the name, or the library would ask the domain name system for it.
            var connection = client.connect(host.toString());
            var session = connection.authenticate(login.map(l -> new AuthenticationContext(l.user(), l.password(), l.domain()))
                    .orElseGet(AuthenticationContext::guest));
            if (!(session.connectShare(share) instanceof DiskShare disk)) {
                throw new IOException(share + " of " + name + " is no share of files");
            }
            open = true;
            return new RemoteShare(client, connection, session, disk);
        } catch (SMBRuntimeException e) {
            throw words("//" + name + "/" + share, e);
        } finally {
            if (!open) {
                client.close();
            }
        }
    }

    private static IOException words(String what, SMBRuntimeException e) {
        return switch (e) {
            case SMBApiException api -> new ServerSays(
                    what + ": the server says " + api.getStatus().name().replaceFirst("^STATUS_", ""), meaning(api), api);
            case SMBRuntimeException other when other.getCause() instanceof TransportException lost ->
                new IOException(what + ": the session was lost: " + lost.getMessage(), e);
            case SMBRuntimeException other -> new IOException(what + ": " + other.getMessage(), e);
        };
    }

    private static ServerSays.What meaning(SMBApiException e) {
        return switch (e.getStatus()) {
            case STATUS_LOGON_FAILURE, STATUS_ACCESS_DENIED, STATUS_ACCOUNT_DISABLED, STATUS_PASSWORD_EXPIRED,
                    STATUS_LOGON_TYPE_NOT_GRANTED, STATUS_USER_SESSION_DELETED -> ServerSays.What.NO_ENTRY;
            case STATUS_BAD_NETWORK_NAME, STATUS_OBJECT_NAME_NOT_FOUND, STATUS_OBJECT_PATH_NOT_FOUND, STATUS_NO_SUCH_FILE, STATUS_NOT_FOUND,
                    STATUS_OBJECT_NAME_INVALID, STATUS_NOT_A_DIRECTORY, STATUS_FILE_IS_A_DIRECTORY -> ServerSays.What.MISSING;
            case STATUS_OBJECT_NAME_COLLISION -> ServerSays.What.EXISTS;
            case STATUS_DISK_FULL -> ServerSays.What.FULL;
            default -> ServerSays.What.OTHER;
        };
    }

    /// What both sides agreed to, for people: dialect, signing, encryption.
    public String agreed() {
        var dialect = connection.getConnectionContext().getNegotiatedProtocol().getDialect();
        return dialect.name().replaceFirst("SMB_", "SMB ").replace('_', '.') + (isEncrypted() ? ", encrypted" : isSigned() ? ", signed" : "");
    }

    public boolean isSigned() {
        return session.isSigningRequired();
    }

    public boolean isEncrypted() {
        try {
            return session.shouldEncryptData();
        } catch (TransportException e) {
            return false;
        }
    }

    /// The entries of a folder by name, or the one file.
    public List<Entry> list(String path) throws IOException {
        var at = backslashes(path);
        try {
            if (!at.isEmpty() && share.fileExists(at)) {
                var information = share.getFileInformation(at);
                return List.of(new Entry(at.substring(at.lastIndexOf('\\') + 1), false, information.getStandardInformation().getEndOfFile(),
                        information.getBasicInformation().getLastWriteTime().toInstant()));
            }
            return share.list(at).stream().filter(f -> !f.getFileName().matches("\\.\\.?"))
                    .map(f -> new Entry(f.getFileName(), isFolder(f.getFileAttributes()), f.getEndOfFile(), f.getLastWriteTime().toInstant()))
                    .sorted(Comparator.comparing(Entry::name)).toList();
        } catch (SMBRuntimeException e) {
            throw words(path, e);
        }
    }

    private static boolean isFolder(long attributes) {
        return (attributes & FileAttributes.FILE_ATTRIBUTE_DIRECTORY.getValue()) != 0;
    }

    public long size(String path) throws IOException {
        try {
            return share.getFileInformation(backslashes(path)).getStandardInformation().getEndOfFile();
        } catch (SMBRuntimeException e) {
            throw words(path, e);
        }
    }

    /// Reads a file.
    ///
    /// @param progress gets the octets so far
    public void get(String path, OutputStream target, LongConsumer progress) throws IOException {
        try (var file = share.openFile(backslashes(path), EnumSet.of(AccessMask.GENERIC_READ), null, SMB2ShareAccess.ALL,
                SMB2CreateDisposition.FILE_OPEN, Set.of(SMB2CreateOptions.FILE_NON_DIRECTORY_FILE))) {
            file.read(target, (done, _) -> progress.accept(done));
        } catch (SMBRuntimeException e) {
            throw words(path, e);
        }
    }

    /// Writes a file. What is there is replaced when that is wanted; otherwise it is an error.
    public void put(InputStream source, String path, boolean replace, LongConsumer progress) throws IOException {
        var disposition = replace ? SMB2CreateDisposition.FILE_OVERWRITE_IF : SMB2CreateDisposition.FILE_CREATE;
        try (File file = share.openFile(backslashes(path), EnumSet.of(AccessMask.GENERIC_WRITE), EnumSet.of(FileAttributes.FILE_ATTRIBUTE_NORMAL),
                Set.of(SMB2ShareAccess.FILE_SHARE_READ), disposition, Set.of(SMB2CreateOptions.FILE_NON_DIRECTORY_FILE))) {
            file.write(new InputStreamByteChunkProvider(source), (done, _) -> progress.accept(done));
        } catch (SMBRuntimeException e) {
            throw words(path, e);
        }
    }

    public boolean isFolder(String path) {
        var at = backslashes(path);
        return at.isEmpty() || share.folderExists(at);
    }

    private static String backslashes(String path) {
        return path.replace('/', '\\').replaceAll("^\\\\+|\\\\+$", "");
    }

    @Override
    public void close() {
        client.close();
    }
}
