namespace DistTrain.FaultHarness.Faults;

/// <param name="Victim">Whom the fault hit.</param>
/// <param name="CountedFrom">From here on the run must go on within the fault's limit.</param>
sealed record Strike(string Victim, DateTimeOffset CountedFrom)
{
    public static Strike Now(object victim) => new($"{victim}", DateTimeOffset.UtcNow);
}
