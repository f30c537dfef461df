import VitalsCore

/// What a server says of itself that tells its part among those that hold the same data.
struct MySQLStanding: Sendable, Equatable {
    enum Following: Sendable, Equatable {
        case nobody
        /// It is set up to follow another server, and nothing of that runs.
        case stopped
        case running
    }

    /// Whether it takes no writes from users.
    let isReadOnly: Bool
    /// Whether its storage takes none at all: started so, or a reader of Aurora's.
    let isEngineReadOnly: Bool
    /// Nothing: it was not asked, or would not say.
    var following: Following?
    /// Whether it belongs to a replication group, where one follows the other without being told to by name;
    /// nothing: as before.
    var isInGroup: Bool?

    /// Which part it has.
    ///
    /// One that follows another is a replica, even if it takes writes: ours would part it from the server
    /// that it follows. But of two that follow each other one may be meant to be written to, and is when a
    /// check says so. One that is read-only and would not say whom it follows is taken for a replica.
    func role(wanted expected: ExpectedRole) -> ServerRole {
        guard isReadOnly else { return following == .running && expected != .primary ? .replica : .primary }
        let isAlone = following == .nobody && isInGroup == false
        return isAlone && !isEngineReadOnly ? .readOnlyPrimary : .replica
    }

    /// Whether its part depends on whom it follows.
    ///
    /// - Parameter isWritten: whether something is to be written to it.
    func isUnclear(wanted expected: ExpectedRole, isWritten: Bool) -> Bool {
        isReadOnly ? !isEngineReadOnly : expected == .replica || (expected == .any && isWritten)
    }
}
