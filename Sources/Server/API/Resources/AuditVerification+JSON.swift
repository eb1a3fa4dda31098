public import AdministrationAPI
public import Registry

extension AuditVerification {
    /// What came of it, as the API answers it.
    public var json: JSONValue { EventFields.verification.json(self) }
}
