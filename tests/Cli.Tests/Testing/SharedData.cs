using Xunit.Abstractions;

namespace DistTrain.Cli.Tests.Testing;

/// <summary>Real data that lies beside the checkout, where it does.</summary>
static class SharedData
{
    /// <summary>The path of a file of it; null where there is none, which is said.</summary>
    public static string? Find(string name, ITestOutputHelper output)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var path = Path.Combine(folder.FullName, "shared", "data", name);
            if (File.Exists(path)) return path;
        }
        output.WriteLine($"shared/data/{name} is not here: nothing is tested.");
        return null;
    }
}
