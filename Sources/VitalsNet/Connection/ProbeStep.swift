import NIOCore
import VitalsCore

/// What a dialogue wants done.
enum ProbeStep: Sendable, Equatable {
    /// From here on the time counts for this phase. Entering a phase again adds to it.
    case enter(Phase)
    case send(ByteBuffer)
    /// Begin TLS as the target's settings say; enters phase `tls` by itself. Bytes of the peer that are
    /// already here are a fault: they were not protected by the TLS that they would seem to come through.
    case startTLS
    /// What is to be sent before it goes out by TLS; from there on both sides speak without it.
    case endTLS
    /// `woken` is called after so long, unless the run is over; another one before that takes its place.
    case wake(after: Duration)
    /// The next address, if there is another, else the one there is: `opened` is called again, by datagrams
    /// on the same socket where the address is the same.
    case askNext
    /// The same address by this means: `opened` is called again, and what came by the old one is dropped.
    case reconnect(Transport)
    /// Something heavy, done on a thread made for that; `computed` gets its value.
    case compute(ProbeWork)
    /// Something to be told to the same server on a connection of its own, once the verdict is in.
    case errand(ProbeErrand)
    case fact(FactName, FactValue)
    /// A line of the trace, which is only kept of a failure. Secrets in it are hidden, and only 2 KiB are
    /// kept.
    case note(String)
    /// The verdict is in, a pass where there is no cause, and the run goes on to measure: its latency and
    /// phases end here, and nothing that happens from here on changes the verdict. The time for it is the
    /// job's own for vitals, and the bytes are counted anew. It ends with `.pass` or `.fail`, either of which
    /// then only closes.
    case decide(Cause? = nil, code: String? = nil, message: String = "")
    /// What was measured. Secrets in its reason and detail are hidden.
    case vital(Vital)
    /// What else is wrong. Secrets in its message are hidden.
    case finding(Finding)
    /// The verdict. The farewell, if any, is sent before the connection is closed.
    case pass(farewell: ByteBuffer? = nil)
    /// The verdict. Secrets in the message are hidden; beyond 1 KiB it is cut.
    case fail(Cause, code: String? = nil, message: String, farewell: ByteBuffer? = nil)

    /// Whether the run ends with it.
    var isVerdict: Bool {
        switch self {
        case .pass, .fail: true
        default: false
        }
    }
}

/// Work too heavy for an event loop: it would delay every other run on it.
struct ProbeWork: Sendable, Equatable {
    /// What it is, down to its inputs' identity: two of one name are equal.
    let name: String
    let perform: @Sendable () -> any Sendable

    init(_ name: String, perform: @escaping @Sendable () -> any Sendable) {
        self.name = name
        self.perform = perform
    }

    static func == (left: ProbeWork, right: ProbeWork) -> Bool {
        left.name == right.name
    }
}

/// A short talk beside a run: with the same address, by the same TLS, within 2 s. Nobody waits for it, and
/// what comes of it is told to nobody.
struct ProbeErrand: Sendable, Equatable {
    /// What it is, down to its inputs' identity: two of one name are equal.
    let name: String
    let dialogue: @Sendable () -> any ProbeDialogue

    init(_ name: String, dialogue: @escaping @Sendable () -> any ProbeDialogue) {
        self.name = name
        self.dialogue = dialogue
    }

    static func == (left: ProbeErrand, right: ProbeErrand) -> Bool {
        left.name == right.name
    }
}
