using System.Reflection;
using Xunit.Abstractions;

namespace DistTrain.Architecture.Tests;

/// <summary>
/// Who may import whom: Shared ← Node ← Coordinator, Worker ← Cli; Shared knows nothing but the framework and libraries of formats.
/// </summary>
public sealed class ImportRuleTests(ITestOutputHelper output)
{
    static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["DistTrain.Shared"] = [],
        ["DistTrain.Node"] = ["DistTrain.Shared"],
        ["DistTrain.Coordinator"] = ["DistTrain.Shared", "DistTrain.Node"],
        ["DistTrain.Worker"] = ["DistTrain.Shared", "DistTrain.Node"],
        ["disttrain"] = ["DistTrain.Shared", "DistTrain.Node", "DistTrain.Coordinator", "DistTrain.Worker"],
    };

    public static TheoryData<string> Assemblies => [.. Allowed.Keys];

    [Theory, MemberData(nameof(Assemblies))]
    public void An_assembly_imports_only_rooms_below_its_own(string name)
    {
        var imported = ImportsOf(name).Where(Allowed.ContainsKey).ToArray();

        output.WriteLine($"{name} imports {string.Join(", ", imported)}");
        Assert.Empty(imported.Except(Allowed[name]));
    }

    [Fact]
    public void Shared_imports_the_framework_and_libraries_of_formats_alone()
    {
        var foreign = ImportsOf("DistTrain.Shared")
            .Where(name => !name.StartsWith("System", StringComparison.Ordinal) && name is not ("netstandard" or "mscorlib"));

        Assert.Empty(foreign.Except(["Apache.Arrow", "MessagePack", "MessagePack.Annotations", "Sylvan.Data.Csv"]));
    }

    [Theory, InlineData("DistTrain.Shared"), InlineData("DistTrain.Node"), InlineData("DistTrain.Coordinator"), InlineData("DistTrain.Worker")]
    public void A_type_lives_in_the_namespace_of_its_assembly(string name)
    {
        var root = name == "DistTrain.Shared" ? "DistTrain" : name;
        var assembly = Assembly.Load(name);
        var strangers = assembly.GetExportedTypes()
            .Where(type => type != assembly.EntryPoint?.DeclaringType)
            .Where(type => type.Namespace != root && type.Namespace?.StartsWith(root + ".", StringComparison.Ordinal) != true);

        Assert.Empty(strangers);
    }

    [Fact]
    public void No_type_bears_a_name_that_says_nothing()
    {
        string[] banned = ["Manager", "Helper", "Helpers", "Utils", "Util", "Info"];
        var offenders = Allowed.Keys.SelectMany(name => Assembly.Load(name).GetTypes())
            .Where(type => type.Namespace?.StartsWith("DistTrain", StringComparison.Ordinal) == true)
            .Where(type => banned.Any(word => type.Name.EndsWith(word, StringComparison.Ordinal)));

        Assert.Empty(offenders);
    }

    static IEnumerable<string> ImportsOf(string assembly) =>
        Assembly.Load(assembly).GetReferencedAssemblies().Select(reference => reference.Name!);
}
