namespace DistTrain.FaultHarness.Processes;

/// <summary>The built programs, as commands without their arguments.</summary>
/// <param name="Tool">disttrain.</param>
/// <param name="EventCheck">The separate checker of events.</param>
sealed record Products(IReadOnlyList<string> Tool, IReadOnlyList<string> EventCheck)
{
    public IReadOnlyList<string> Command(params IEnumerable<string> arguments) => [.. Tool, .. arguments];

    /// <summary>Of the checkout that this harness was built in.</summary>
    public static Products Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "DistTrain.sln"))) return In(folder.FullName);
        }
        throw new DirectoryNotFoundException("DistTrain.sln was not found above the harness.");
    }

    static Products In(string root) => new(
        Built(root, "src/Cli/bin/Release/net10.0/disttrain.dll"),
        Built(root, "tests/EventCheck/bin/Release/net10.0/DistTrain.EventCheck.dll"));

    static string[] Built(string root, string path)
    {
        var full = Path.Combine(root, path);
        return File.Exists(full) ? ["dotnet", full] : throw new FileNotFoundException($"{path}: dotnet build -c Release");
    }
}
