using System.Globalization;

namespace DistTrain.FaultHarness.Processes;

/// <summary>
/// Hosts that share nothing but a switch and the files: network namespaces, joined by a bridge in a namespace of its own. A host's link
/// is cut at the switch, as by a pulled cable. Needs root.
/// </summary>
sealed class Network : IDisposable
{
    static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    readonly string _switch = string.Create(CultureInfo.InvariantCulture, $"dt{Environment.ProcessId}-switch");
    readonly List<string> _namespaces = [];

    Network()
    {
    }

    /// <summary>With no host yet.</summary>
    public static async Task<Network> CreateAsync(CancellationToken stop)
    {
        var network = new Network();
        await network.AddNamespaceAsync(network._switch, stop);
        await IpAsync($"-n {network._switch} link add name bridge0 type bridge", stop);
        await IpAsync($"-n {network._switch} link set bridge0 up", stop);
        return network;
    }

    /// <summary>One more host.</summary>
    public async Task<Place> AddHostAsync(CancellationToken stop)
    {
        var number = _namespaces.Count;
        var (host, link) = ($"dt{Environment.ProcessId}-{number}", $"link{number}");
        var address = $"10.77.0.{number}";
        await AddNamespaceAsync(host, stop);
        await IpAsync($"link add {link} netns {_switch} type veth peer name eth0 netns {host}", stop);
        await IpAsync($"-n {_switch} link set {link} master bridge0 up", stop);
        await IpAsync($"-n {host} addr add {address}/24 dev eth0", stop);
        await IpAsync($"-n {host} link set eth0 up", stop);
        await IpAsync($"-n {host} link set lo up", stop);
        return new Place(address, ["ip", "netns", "exec", host], link);
    }

    /// <summary>Nothing reaches the host, and nothing leaves it.</summary>
    public Task CutAsync(Place place, CancellationToken stop) => IpAsync($"-n {_switch} link set {place.Link} down", stop);

    public Task MendAsync(Place place, CancellationToken stop) => IpAsync($"-n {_switch} link set {place.Link} up", stop);

    public void Dispose()
    {
        foreach (var name in _namespaces) IpAsync($"netns del {name}", CancellationToken.None).Wait(Deadline);
    }

    async Task AddNamespaceAsync(string name, CancellationToken stop)
    {
        await IpAsync($"netns add {name}", stop);
        _namespaces.Add(name);
    }

    static async Task IpAsync(string arguments, CancellationToken stop)
    {
        var ended = await Finishing.OfAsync(["ip", .. arguments.Split(' ')], Deadline, stop);
        if (ended.ExitCode != 0) throw new InvalidOperationException($"ip {arguments} (needs root): {ended.Errors.Trim()}");
    }
}
