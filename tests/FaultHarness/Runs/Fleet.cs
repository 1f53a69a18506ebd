using System.Globalization;
using DistTrain.FaultHarness.Processes;

namespace DistTrain.FaultHarness.Runs;

/// <summary>A run in a folder of its own, its coordinator and its workers, each a process.</summary>
sealed class Fleet : IDisposable
{
    static readonly string[] OfAllNodes = ["--join-timeout", "60s"];

    readonly Products _products;
    readonly string _folder;
    readonly string _join;
    readonly List<Node> _workers = [];
    int _workersMade;

    /// <summary>Made, not started.</summary>
    /// <param name="folder">New: run, logs and caches go there.</param>
    public Fleet(Products products, Workload workload, int workerCount, string folder)
    {
        (_products, _folder) = (products, folder);
        Directory.CreateDirectory(folder);
        var port = Ports.Free().ToString(CultureInfo.InvariantCulture);
        _join = $"127.0.0.1:{port}";
        Coordinator = new Node("coordinator", products.Command(
            ["coordinator", .. workload.Arguments, .. OfAllNodes, "--port", port, "--http-port", "0",
             "--min-workers", workerCount.ToString(CultureInfo.InvariantCulture), "--out", RunFolder, "--json"]), folder);
        for (var i = 0; i < workerCount; i++) AddWorker();
        Events = new RunEvents(EventsPath);
    }

    public Node Coordinator { get; }

    /// <summary>Those that were not told to leave.</summary>
    public IReadOnlyList<Node> Workers => [.. _workers.Where(worker => !worker.HasLeft)];

    public IEnumerable<Node> Nodes => [Coordinator, .. _workers];

    public RunEvents Events { get; }

    public string RunFolder => Path.Combine(_folder, "run");

    public string EventsPath => Path.Combine(RunFolder, "events.jsonl");

    /// <summary>Starts whoever does not run and was not told to leave.</summary>
    public void Start()
    {
        foreach (var node in Nodes.Where(node => !node.IsRunning && !node.HasLeft)) node.Start();
    }

    /// <summary>One more worker, not started.</summary>
    public Node AddWorker()
    {
        var name = $"worker-{++_workersMade}";
        var worker = new Node(name, _products.Command(
            ["worker", "--join", _join, .. OfAllNodes, "--threads", "1", "--cache", Path.Combine(_folder, $"{name}-cache")]), _folder);
        _workers.Add(worker);
        return worker;
    }

    public Node AnyWorker(Random random) => Workers[random.Next(Workers.Count)];

    public void Dispose()
    {
        foreach (var node in Nodes) node.Dispose();
    }
}
