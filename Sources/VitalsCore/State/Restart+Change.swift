extension Restart {
    /// What it means for one health check that another configuration takes over while the node runs. Slots
    /// that have come are accounted for by whoever ran them.
    ///
    /// - Parameters:
    ///   - before: as it was configured until now; nothing when it was not.
    ///   - after: as it is from now on; nothing when it was removed. With another id it goes on under that:
    ///     only its slots are others.
    package static func consequences(from before: HealthCheck?, to after: HealthCheck?) -> [Consequence] {
        guard let after else { return before == nil ? [] : [.reset(.removed), .remove] }
        guard let before else { return after.isEnabled ? [.register, .runAtOnce] : [.register] }
        let isAnother = before.revision != after.revision
        let isSwitched = before.isEnabled != after.isEnabled
        let isMoved = before.id != after.id || before.policy.interval != after.policy.interval
        guard isAnother || isSwitched || isMoved else { return [] }
        var consequences: [Consequence] = [.register]
        if isAnother {
            consequences.append(.reset(.reconfigured))
        } else if before.isEnabled && !after.isEnabled {
            consequences.append(.reset(.disabled))
        }
        if after.isEnabled && (isAnother || isSwitched) { consequences.append(.runAtOnce) }
        return consequences
    }
}
