import VitalsCore

/// How long parts of a run may take, within its one deadline; nothing: as long as that.
struct PhaseLimits: Sendable, Equatable {
    /// From the start to the first question: resolving, connecting, TLS, the login.
    var connect: Duration?
    var read: Duration?
    var write: Duration?

    /// A part of a run that has a limit of its own.
    enum Part: Equatable {
        case connect, read, write, rest

        init(_ phase: Phase) {
            self =
                switch phase {
                case .resolve, .connect, .tls, .greeting, .authenticate, .session: .connect
                case .read: .read
                case .write: .write
                case .vitals, .request, .firstByte, .body: .rest
                }
        }
    }

    var isEmpty: Bool { connect == nil && read == nil && write == nil }

    subscript(part: Part) -> Duration? {
        switch part {
        case .connect: connect
        case .read: read
        case .write: write
        case .rest: nil
        }
    }
}
