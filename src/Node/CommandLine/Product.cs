namespace DistTrain.Node.CommandLine;

/// <summary>What we are called.</summary>
static class Product
{
    /// <summary>Major.minor.patch.</summary>
    public static string Version { get; } = typeof(Product).Assembly.GetName().Version!.ToString(3);
}
