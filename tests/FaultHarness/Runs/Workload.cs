namespace DistTrain.FaultHarness.Runs;

/// <summary>What is trained: an input and the options that the result depends on.</summary>
/// <param name="Name">In reports.</param>
/// <param name="Arguments">INPUT and options, the same for <c>train</c> and <c>coordinator</c>.</param>
sealed record Workload(string Name, params IReadOnlyList<string> Arguments)
{
    /// <summary>The same input, more options.</summary>
    public Workload With(string name, string options) => new($"{Name}, {name}", [.. Arguments, .. options.Split(' ')]);
}
