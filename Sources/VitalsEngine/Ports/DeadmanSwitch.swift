package import VitalsCore

/// Somebody outside who is called while all is well, and raises the alarm once nobody calls.
package struct DeadmanSwitch: Sendable {
    /// From one call to the next.
    package let every: Duration
    /// Calls once, within the time given; never throws. What it says holds no secret.
    package let call: @Sendable (_ timeout: Duration) async -> DeliveryOutcome

    package init(every: Duration, call: @escaping @Sendable (_ timeout: Duration) async -> DeliveryOutcome) {
        self.every = every
        self.call = call
    }
}
