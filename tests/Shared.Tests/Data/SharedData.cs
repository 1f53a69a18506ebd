namespace DistTrain.Shared.Tests.Data;

/// <summary>Data sets that lie beside the checkout, in shared/data.</summary>
static class SharedData
{
    /// <summary>The path of a file there; null where it is not.</summary>
    public static string? Find(string name)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var path = Path.Combine(folder.FullName, "shared", "data", name);
            if (File.Exists(path)) return path;
        }
        return null;
    }
}
