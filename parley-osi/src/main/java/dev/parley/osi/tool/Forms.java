package dev.parley.osi.tool;

import java.util.List;

/// One example for each primitive that can be issued by hand or in a script, with the parameters that matter.
public final class Forms {
    public static final List<String> ALL = List.of(
            "S-CONNECT request units=half-duplex,minor-sync,activity tokens=data:acceptor called-selector=hex:0001 data=\"hello\"",
            "S-CONNECT response units=duplex data=\"welcome\"",
            "S-CONNECT response result=refused reason=2 transport=kept data=\"later\"",
            "S-DATA request data=\"text\"",
            "S-TYPED-DATA request data=hex:0a0b",
            "S-EXPEDITED-DATA request data=\"stop\"",
            "S-CAPABILITY-DATA request data=\"gzip\"",
            "S-CAPABILITY-DATA response data=\"yes\"",
            "S-TOKEN-GIVE request tokens=data,minor",
            "S-TOKEN-PLEASE request tokens=data data=\"may I?\"",
            "S-CONTROL-GIVE request",
            "S-SYNC-MINOR request confirmation=explicit data-separation=false data=\"crc 17\"",
            "S-SYNC-MINOR response serial=1",
            "S-SYNC-MAJOR request",
            "S-SYNC-MAJOR response",
            "S-RESYNCHRONIZE request type=restart serial=1 tokens=data:requestor",
            "S-RESYNCHRONIZE response serial=1 tokens=data:requestor",
            "S-U-EXCEPTION-REPORT request reason=5",
            "S-ACTIVITY-START request activity=\"A1\"",
            "S-ACTIVITY-RESUME request activity=\"A2\" old-activity=\"A1\" serial=1",
            "S-ACTIVITY-INTERRUPT request reason=1",
            "S-ACTIVITY-INTERRUPT response",
            "S-ACTIVITY-DISCARD request",
            "S-ACTIVITY-DISCARD response",
            "S-ACTIVITY-END request",
            "S-ACTIVITY-END response",
            "S-RELEASE request transport=released",
            "S-RELEASE response result=affirmative",
            "S-U-ABORT request data=\"no more\"");

    private Forms() {}
}
