using System.Text.Json;
using DistTrain.FaultHarness.Processes;

namespace DistTrain.FaultHarness.Runs;

/// <summary>The undisturbed run: <c>train</c>, in one process.</summary>
/// <param name="Hash">parametersSha256: what every other run must end with.</param>
sealed record Reference(string Hash, int Steps, double Seconds)
{
    static readonly TimeSpan Deadline = TimeSpan.FromMinutes(10);

    public static async Task<Reference> OfAsync(Products products, Workload workload, string folder, CancellationToken stop)
    {
        var ended = await Finishing.OfAsync(products.Command(["train", .. workload.Arguments, "--out", folder, "--json"]), Deadline, stop);
        if (ended.ExitCode != 0) throw new InvalidOperationException($"{workload.Name}: train exits with {ended.ExitCode}: {ended.Errors}");
        return Read(ended.Output);
    }

    /// <summary>From a result object.</summary>
    public static Reference Read(string json)
    {
        using var result = JsonDocument.Parse(json);
        var fields = result.RootElement;
        return new Reference(
            fields.GetProperty("parametersSha256").GetString()!,
            fields.GetProperty("steps").GetInt32(),
            fields.GetProperty("seconds").GetDouble());
    }
}
