/// What `/health` says: a word for the whole and one for each component, and nothing else.
package struct HealthSummary: Sendable, Equatable {
    package let status: State
    /// By their public names, in order.
    package let components: [Component]

    package struct Component: Sendable, Equatable {
        package let name: String
        package let state: State
        /// Whether it can make the whole unhealthy.
        package let isCritical: Bool
        /// Whether it has been unknown for longer than it may be.
        package let isOverdue: Bool

        package init(name: String, state: State, isCritical: Bool, isOverdue: Bool) {
            self.name = name
            self.state = state
            self.isCritical = isCritical
            self.isOverdue = isOverdue
        }

        /// What the outside is told; nothing while it has yet to be heard of. Past its grace an unknown
        /// component is not called well, and a critical one is not believed at all.
        package var shown: State? {
            guard state == .unknown else { return state }
            guard isOverdue else { return nil }
            return isCritical ? .unhealthy : .degraded
        }
    }

    /// Unhealthy if a critical component is; else degraded if any component is not well or a critical one has
    /// been unknown past its grace; else healthy.
    package init(_ components: [Component]) {
        self.components = components
        if components.contains(where: { $0.isCritical && $0.state == .unhealthy }) {
            status = .unhealthy
        } else if components.contains(where: { $0.shown == .unhealthy || $0.shown == .degraded }) {
            status = .degraded
        } else {
            status = .healthy
        }
    }
}
