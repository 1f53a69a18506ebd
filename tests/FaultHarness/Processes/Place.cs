namespace DistTrain.FaultHarness.Processes;

/// <summary>Where a node runs: on this machine itself, or on one of the hosts of a <see cref="Network"/>.</summary>
/// <param name="Address">Others reach it there.</param>
/// <param name="Prefix">Of a command, so that it runs there.</param>
/// <param name="Link">Of its host in the network; null: it has none that could be cut.</param>
sealed record Place(string Address, IReadOnlyList<string> Prefix, string? Link = null)
{
    public static Place Here { get; } = new("127.0.0.1", []);

    /// <summary>The options that a node needs to be reached there: beyond loopback, without certificates.</summary>
    public IEnumerable<string> Options => Link is null ? [] : ["--host", Address, "--bind", Address, "--insecure"];
}
