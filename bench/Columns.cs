using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;

namespace DistTrain.Bench;

/// <summary>How much one invocation of a benchmark does; told by its set-up, which runs in this process.</summary>
/// <param name="Bytes">Bytes of data read.</param>
sealed record Work(long Bytes)
{
    static readonly Dictionary<(Type, string), Work> Declared = [];

    public static void Declare<TBenchmark>(string method, long bytes) =>
        Declared[(typeof(TBenchmark), method)] = new Work(bytes);

    public static Work? Of(BenchmarkCase benchmark) =>
        Declared.GetValueOrDefault((benchmark.Descriptor.Type, benchmark.Descriptor.WorkloadMethod.Name));
}

/// <summary>Work per second at the median time.</summary>
sealed class ThroughputColumn(string name, Func<Work, long> amount, double unit) : WorkColumn(name)
{
    protected override string Show(Work work, double medianNanoseconds) =>
        amount(work) == 0 ? "" : (amount(work) / medianNanoseconds * 1e9 / unit).ToString("0.00", null);
}

/// <summary>A column computed from a benchmark's <see cref="Work"/> and its median time.</summary>
abstract class WorkColumn(string name) : IColumn
{
    public string Id => name;

    public string ColumnName => name;

    public bool AlwaysShow => true;

    public ColumnCategory Category => ColumnCategory.Custom;

    public int PriorityInCategory => 0;

    public bool IsNumeric => true;

    public UnitType UnitType => UnitType.Dimensionless;

    public string Legend => $"{name} at the median";

    public bool IsAvailable(Summary summary) => true;

    public bool IsDefault(Summary summary, BenchmarkCase benchmarkCase) => false;

    public string GetValue(Summary summary, BenchmarkCase benchmarkCase, SummaryStyle style) => GetValue(summary, benchmarkCase);

    public string GetValue(Summary summary, BenchmarkCase benchmarkCase)
    {
        var work = Work.Of(benchmarkCase);
        var statistics = summary[benchmarkCase]?.ResultStatistics;
        return work is null || statistics is null ? "" : Show(work, statistics.Median);
    }

    protected abstract string Show(Work work, double medianNanoseconds);
}
