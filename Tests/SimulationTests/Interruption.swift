/// What ends a step of the simulation before its end.
enum Interruption: Error, Equatable {
    /// The process is gone.
    case crash
    /// Something was that must never be.
    case violation(invariant: String, found: String)

    static func broken(_ invariant: String, _ found: String) -> Interruption {
        .violation(invariant: invariant, found: found)
    }
}
